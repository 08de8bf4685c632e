"""What encoders learn from: crops, pictures, and what is made of them."""
