"""The notice's safeguards (保障措施): tasks with their units, articles and documents, joint meetings, the yearly report."""
