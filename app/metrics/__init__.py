"""What the processes of a service count of themselves, for Prometheus."""
