"""What an organization or a division decides once for all its sessions."""
