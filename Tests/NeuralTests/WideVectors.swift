import Neural

/// Whether the processor has the vectors of 512 bits that some of oneDNN's kernels and layouts are there for. Without them a
/// plan may take other ways, to the same results.
let hasWideVectors = OneDNNBackend.hasWideVectors
