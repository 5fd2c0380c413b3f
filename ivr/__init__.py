"""Scripts and conversation: script graph and its checks, session interpreter, understanding of answers, prompts."""
