"""Writes the arrays of ImageTests.npyIsWhatNumPyWrites with NumPy (2.4.6 made the committed ones)."""
import numpy as np

np.save("u1.npy", (np.arange(24) * 10).astype(np.uint8).reshape(2, 3, 4))
np.save("f4.npy", np.array([0.5, -1.25, 3e-8, np.inf, 7], np.float32))
np.save("i8.npy", np.array([[-(2**63)], [-1], [0], [2**63 - 1]], np.int64))
np.save("scalar.npy", np.array(42.0, np.float32))
np.save("empty.npy", np.zeros((0, 7), np.uint8))
