"""The auditor's rooms: tokens, the interface's explorer, exports, the trail (brief 4.4)."""
