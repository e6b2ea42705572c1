"""What is shown, as plain data: no Streamlit here."""
