"""The pages that people read: live with Streamlit, and as one folder of static HTML."""
