import Neural
import Testing

/// Windows that reach past the edge, as PyTorch's `ceil_mode` has them, with values that can be said at sight.
@Suite struct PoolingRoundingTests {
    /// Pixel (row, column) of a 6x7 image is 10 * row + column.
    private let image: [Float] = (0..<6).flatMap { row in (0..<7).map { Float(10 * row + $0) } }

    private func pooled(
        _ kind: Pooling.Kind, kernel: Int, stride: Int, padding: Int = 0, on backend: any Backend
    ) throws -> Tensor {
        var graph = Graph()
        let x = try graph.input("x", TensorType([1, 6, 7, 1]))
        let y = try graph.pooling(
            kind, x, kernel: Pair(kernel), stride: Pair(stride), padding: Pair(padding), roundsUp: true)
        let plan = try backend.compile(graph, outputs: [GraphOutput(y)])
        return try plan.run(["x": Tensor([1, 6, 7, 1], image)], parameters: ParameterBuffer([]), gradients: nil)[0]
    }

    @Test(arguments: [true, false]) func whatIsLeftOverHasAWindow(_ isFast: Bool) throws {
        let backend: any Backend = isFast ? OneDNNBackend() : ReferenceBackend()
        // Rows 0-2, 2-4, 4-5; columns 0-2, 2-4, 4-6.
        let largest = try pooled(.maximum, kernel: 3, stride: 2, on: backend)
        #expect(largest.shape == [1, 3, 3, 1] && largest.floats == [22, 24, 26, 42, 44, 46, 52, 54, 56])
        // Columns 0-1, 2-3, 4-5, 6; what lies outside does not count.
        let means = try pooled(.average, kernel: 2, stride: 2, on: backend)
        #expect(means.shape == [1, 3, 4, 1])
        #expect(means.floats == [5.5, 7.5, 9.5, 11, 25.5, 27.5, 29.5, 31, 45.5, 47.5, 49.5, 51])
        // Rows 0, 2-3, 5; columns 0, 2-3, 5-6: another window of columns would begin behind the padding, and there is none.
        let padded = try pooled(.maximum, kernel: 2, stride: 3, padding: 1, on: backend)
        #expect(padded.floats == [0, 3, 6, 30, 33, 36, 50, 53, 56])
    }
}
