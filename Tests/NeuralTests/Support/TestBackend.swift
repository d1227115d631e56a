import Neural
import Testing

/// A backend under test, and how near it must come.
struct TestBackend: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let backend: any Backend
    /// Largest difference allowed, as a share of the expected tensor's largest element.
    let tolerance: Double

    /// Every backend there is: all tests that are about operations run on each.
    static let all = [
        // Doubles inside: what is left is the rounding of the expected values to floats, 6e-8, and float constants
        // such as 1 / count in the graph.
        TestBackend(testDescription: "reference", backend: ReferenceBackend(), tolerance: 5e-7),
        // Single precision: sums of a few hundred products round to about 1e-6 of the largest; functions to 1e-6 of
        // themselves.
        TestBackend(testDescription: "oneDNN", backend: OneDNNBackend(), tolerance: 2e-5),
    ]
    /// Those that are measured against the reference.
    static let others = all.filter { !($0.backend is ReferenceBackend) }
}
