"""The main window: menus, pages, opening and closing."""
