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

    /// Reads a model whose own embedding and head are wanted.
    /// - Throws: also `ModelError.configuration` if they were never trained: 'sora fit --weights' has made it, and only
    ///   its classifiers say anything.
    static func readTrained(_ path: String) throws -> Model {
        let model = try read(path)
        guard model.shelf.isHeadTrained else {
            throw ModelError(
                .configuration,
                "\(path): its own embedding and head were never trained, only classifiers over its backbone's vectors, "
                    + "which this does not use; give a model that 'sora train' has made (--weights takes the backbone)")
        }
        return model
    }
}
