template:batch/scorer/publishing.py
