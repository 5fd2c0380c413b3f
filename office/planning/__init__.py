"""Plans of a site: what is owed, worksheets, standing and forecast, notices; the rules are `plans`."""
