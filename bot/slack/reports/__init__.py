"""`/coach report`: numbers, a picture and a file."""
