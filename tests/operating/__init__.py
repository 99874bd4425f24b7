"""What whoever runs Coachbot gets: an installation, an image, a service, and their description."""
