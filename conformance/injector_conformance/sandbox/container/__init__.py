"""The driver ``container``: any image, any platform, through testcontainers and the daemon.

Cases that need no state of their own share a long-lived container per stage and shape; what the
daemon's interface cannot express (a umask, a closed stream, a file size limit), the launcher
does. A container is thrown away as soon as a case has changed anything in it.
"""
