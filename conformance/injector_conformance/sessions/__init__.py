"""One subject before many cases: stages handed out, runs made, controls heard, cases judged."""
