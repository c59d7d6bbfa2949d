"""An injector in a cluster: what the pod's own status, events and log say went wrong there."""
