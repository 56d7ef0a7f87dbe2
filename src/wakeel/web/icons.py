"""Line icons of our own, drawn on a grid of 24. They take the colour of the text beside them."""

PATHS = {
    "logo": "M4 5h16v11H11l-4 4v-4H4z M8.5 10.5l2.5 2.5 5-5",
    "inbox": "M4 13l2.5-8h11L20 13v6H4z M4 13h4.5l1.5 2.5h4l1.5-2.5H20",
    "out": "M12 20V6 M6.5 11L12 5.5 17.5 11 M5 3h14",
    "import": "M12 4v10 M7.5 10L12 14.5 16.5 10 M5 16v4h14v-4",
    "alert": "M12 4L2.8 19.5h18.4z M12 10v4.5 M12 17v.2",
    "pulse": "M3 12h4.5l2.5-6 4 12 2.5-6H21",
    "phone": "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z M10.5 18h3",
    "link": "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7 M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
    "exit": "M10 4H5v16h5 M9 12h11 M16.5 8.5L20 12l-3.500 3.5",
    "back": "M9 5l7 7-7 7",
    "check": "M5 12.5l4.500 4.500L19 7.500",
    "plus": "M12 5v14 M5 12h14",
    "calendar": "M4 6h16v14H4z M4 10.500h16 M8.500 3.500v4.500 M15.500 3.500v4.500",
    "text": "M5 4h14v16H5z M8.500 8.500h7 M8.500 12h7 M8.500 15.500h4",
    "people": "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M2.500 19.500c.6-3.500 3-5 6.500-5s5.900 1.500 6.500 5 "
    "M15.500 4.800a3.500 3.500 0 0 1 0 6.400 M18 14.900c2 .8 3.100 2.300 3.500 4.600",
    "template": "M4 5h16v11H11l-4 4v-4H4z M8 9h8 M8 12h5",
    "more": "M4 7h16 M4 12h16 M4 17h16",
    "close": "M6 6l12 12 M18 6L6 18",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.500 20.500c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500",
}
MIRRORED = frozenset({"back", "exit"})
"""Drawn for right to left; turned round in English."""
