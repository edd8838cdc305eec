template:batch/models/torch.py
