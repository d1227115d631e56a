import Foundation
import Neural

/// One case of `Fixtures/operations.json`: what PyTorch computed (see `operations.py`).
struct Fixture: Decodable, Sendable {
    let name: String
    let op: String
    let attributes: Attributes
    let inputs: [String]
    let outputs: [String]
    let cotangents: [String: String]?
    let gradients: [String: String]?

    /// What the cases' operations are told besides tensors; each operation uses some.
    struct Attributes: Decodable, Sendable {
        let stride, padding, outputPadding, dilation, kernel: [Int]?
        let groups, axis, layers, hiddenSize: Int?
        let starts, ends, shape, permutation, axes: [Int]?
        let training, includesPadding, bidirectional, keepsAxes: Bool?
        let momentum, epsilon, labelSmoothing, temperature: Float?
        let mode: String?
        let weights: [String]?
        // Factors for upsampling.
        let scale: [Int]?
    }

    private struct File: Decodable { let cases: [Fixture] }

    /// All cases; none if the file cannot be read, which a test of its own notices.
    static let all: [Fixture] =
        (try? JSONDecoder().decode(File.self, from: Data(contentsOf: url("operations.json"))).cases) ?? []
    /// All tensors of the cases, by name.
    static let tensors: [String: Tensor] =
        (try? SafetensorsFile(reading: url("operations.safetensors").path(percentEncoded: false)).tensors) ?? [:]

    /// A file of the folder of committed values.
    static func url(_ name: String) -> URL { Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name) }
}
