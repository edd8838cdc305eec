template:scorer/models/torch.py
