"""Scripts and conversation: graph and checks, session interpreter, understanding of answers, prompts."""
