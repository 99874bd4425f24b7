"""`/coach report`: numbers, a chart and a file."""
