"""What the labs compute: models, data, measurements. Importable without gradio."""
