import Datasets
import Foundation
import Neural
import Retrieval
import SoraModel

/// An index that the command line names, with the model that it is of.
struct IndexArgument {
    let folder: String
    let catalogue: Catalogue
    let model: Model
    private let compute: ComputeOptions

    /// Opens an index that is there.
    /// - Throws: `RetrievalError` if it is none, or its model is another one by now.
    init(opening folder: String, compute: ComputeOptions) throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: folder).catalogue)
        let model = try ModelArgument.readTrained(catalogue.settings.model)
        guard try model.fingerprint == catalogue.settings.fingerprint else { throw Self.otherModel(catalogue) }
        self.init(folder: folder, catalogue: catalogue, model: model, compute: compute)
    }

    /// Opens an index, or makes one where there is none.
    /// - Parameter model: a model file; the index's own, or the default model, where nil.
    init(at folder: String, model path: String?, cutting: Segmenter.Options, compute: ComputeOptions) throws {
        let files = IndexFiles(folder: folder)
        guard !FileManager.default.fileExists(atPath: files.catalogue) else {
            try self.init(opening: folder, compute: compute)
            guard let path else { return }
            guard try ModelArgument.readTrained(path).fingerprint == catalogue.settings.fingerprint else {
                throw Self.otherModel(catalogue)
            }
            return
        }
        let name = path ?? DefaultModel.name
        let model = try ModelArgument.readTrained(name)
        // Made first: a model that cannot index leaves no empty index behind.
        let dimensions = try VideoAnalyzer(model, backend: compute.backend(for: model), options: cutting).dimensions
        let settings = IndexSettings(
            model: name == DefaultModel.name ? name : URL(fileURLWithPath: name).standardizedFileURL.path,
            fingerprint: try model.fingerprint, dimensions: dimensions, cutting: cutting)
        try OutputPath.makeFolder(folder)
        self.init(
            folder: folder, catalogue: try Catalogue(creating: files.catalogue, settings: settings), model: model,
            compute: compute)
    }

    private init(folder: String, catalogue: Catalogue, model: Model, compute: ComputeOptions) {
        (self.folder, self.catalogue, self.model, self.compute) = (folder, catalogue, model, compute)
    }

    private static func otherModel(_ catalogue: Catalogue) -> RetrievalError {
        RetrievalError(
            .model,
            "\(catalogue.path): it holds vectors of another model than \(catalogue.settings.model) is now: 'sora index reembed' "
                + "makes them anew")
    }

    func analyzer() throws -> VideoAnalyzer {
        try VideoAnalyzer(model, backend: compute.backend(for: model), options: catalogue.settings.cutting)
    }
}
