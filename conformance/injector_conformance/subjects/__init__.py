"""Who is judged: the command, the programs behind it, and what their files say of themselves."""
