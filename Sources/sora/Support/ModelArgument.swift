import Neural
import SoraModel

/// A model file that the command line names.
enum ModelArgument {
    /// Reads it.
    /// - Throws: `ModelError` naming the file, the cause and the remedy.
    static func read(_ path: String) throws -> Model {
        do {
            return try Model(reading: path)
        } catch let error as NeuralError {
            throw ModelError(.file, "\(error). Give a model file that 'sora train' has written and that you may read")
        }
    }
}
