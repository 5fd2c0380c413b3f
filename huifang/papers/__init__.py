"""What is printed of calls: written records and transcripts, as text, HTML, DOCX and subtitles."""
