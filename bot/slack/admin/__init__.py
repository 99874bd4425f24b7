"""`/coach admin`: people, divisions, roles and policies."""
