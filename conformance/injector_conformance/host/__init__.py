"""What the suite does with the machine that it runs on: processes, directories, files, its end."""
