"""What is printed: records of calls, worksheets, reports. Values first, then the writers of each form."""
