namespace OrcaSong.Hdf5;

/// <summary>The HDF5 C library is missing, or older than <see cref="HdfLibrary.OldestVersion"/>. The message says how to install it.</summary>
/// <param name="message">What was looked for, what was found, and what to do.</param>
public sealed class HdfLibraryNotFoundException(string message) : DllNotFoundException(message);
