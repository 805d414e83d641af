"""What all windows are made of: type and colours, pages, lists, the picture, starting Qt."""
