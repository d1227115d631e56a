import Neural
import SoraModel

/// A model file that the command line names, or the one that comes with Sora.
enum ModelArgument {
    /// Whether an argument is a model rather than a video.
    static func isModel(_ argument: String) -> Bool {
        argument == DefaultModel.name || argument.hasSuffix(".safetensors")
    }

    /// Reads it.
    /// - Throws: `ModelError` naming the file, the cause and the remedy.
    static func read(_ path: String) throws -> Model {
        do {
            return try path == DefaultModel.name ? DefaultModel.model() : Model(reading: path)
        } catch let error as NeuralError {
            throw ModelError(.file, "\(error). Give a model file that 'sora train' has written and that you may read")
        }
    }

    /// The configuration of the model that weights are from; nil where a file holds weights alone.
    /// - Throws: `ModelError` or `NeuralError` naming the file.
    static func configuration(besideWeightsIn path: String) throws -> ModelConfiguration? {
        path == DefaultModel.name
            ? try DefaultModel.model().configuration : try ModelConfiguration(besideWeightsIn: path)
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

    /// Has a model start from the weights that are called `path`.
    /// - Throws: as `StartingWeights`.
    static func start(_ model: Model, from path: String) throws -> StartingWeights {
        path == DefaultModel.name
            ? try StartingWeights(DefaultModel.file(), path: path, into: model)
            : try StartingWeights(reading: path, into: model)
    }
}
