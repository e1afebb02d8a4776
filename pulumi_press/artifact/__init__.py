"""From a folder to an artifact: what belongs to it, one digest of that, and the zip that is sent.

``Folder(path, ignore_files).manifest()`` says what the artifact holds, ``Folder(...).pack()`` makes the zip. What
cannot be packed faithfully is refused with an ``ArtifactError`` that names the path, what is wrong and what to do.
"""
