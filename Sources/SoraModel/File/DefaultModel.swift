internal import CDefaultModel
public import Neural

/// The model that comes with Sora, so that files can be turned into vectors at once. It was trained on nothing but clips
/// that Sora draws itself: docs/training.md has the command, and what it is worth on real clips.
public enum DefaultModel {
    /// What commands call it, where they take a model file or weights.
    public static let name = "default"

    /// Its model file.
    /// - Throws: `NeuralError.backend` if there is not enough memory.
    public static func file() throws -> SafetensorsFile { try SafetensorsFile(bytes: bytes, name: name) }

    /// The model itself. Cost: some milliseconds.
    /// - Throws: `NeuralError.backend` if there is not enough memory.
    public static func model() throws -> Model { try Model(bytes: bytes, name: name) }

    /// The bytes of its file.
    package static var bytes: [UInt8] {
        unsafe [UInt8](UnsafeBufferPointer(start: sora_default_model(), count: sora_default_model_size()))
    }
}
