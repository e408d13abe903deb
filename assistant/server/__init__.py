"""What both HTTP servers, Rasa's and the one for actions, refuse, limit and say about themselves."""
