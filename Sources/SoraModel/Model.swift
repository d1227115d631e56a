public import Neural

/// A configuration and its weights: what a model file holds.
///
/// Not for use from two threads at once.
public final class Model {
    /// Frames, layers, labels and preprocessing.
    public let configuration: ModelConfiguration
    /// Builds the graphs that the weights go with.
    public let network: SoraNetwork
    /// The weights and running statistics.
    public let parameters: ParameterBuffer
    /// What convolutions need to be computed of bytes with these weights; nil until it is found by a
    /// `ModelCalibration`.
    public var quantization: Quantization?
    /// Classifiers over the model's vectors, beside its own head.
    public var shelf = ClassifierShelf()
    /// What the head's outputs are divided by so that probabilities are what they say; nil until it is found, on clips
    /// that the model was not trained on.
    public var temperature: Double?

    /// A new model with weights drawn from `seed`.
    /// - Parameter frozenStages: of the backbone, from the first; training leaves them as they are.
    /// - Throws: `ModelError.configuration` if the configuration makes no sense, `NeuralError.shape` if its frames are
    ///   too small for its network.
    public init(_ configuration: ModelConfiguration, seed: UInt64, frozenStages: Int = 0) throws {
        self.configuration = configuration
        network = try SoraNetwork(configuration, frozenStages: frozenStages)
        parameters = try ParameterBuffer(network.parameters())
        parameters.initialize(seed: seed)
    }

    /// The model in the file at `path`.
    /// - Throws: `NeuralError.file` or `.format` if it is no safetensors file or its tensors do not fit the
    ///   configuration; `ModelError` if it is not a model's, or its classifiers are broken;
    ///   `NeuralError.backend` if there is not enough memory.
    public convenience init(reading path: String) throws {
        try self.init(SafetensorsFile.contents(of: path), path: path) { try SafetensorsFile(reading: path) }
    }

    /// The model in the bytes of a model file.
    /// - Parameter name: what errors call it.
    /// - Throws: as above.
    public convenience init(bytes: [UInt8], name: String) throws {
        try self.init(SafetensorsFile.contents(of: bytes, name: name), path: name) {
            try SafetensorsFile(bytes: bytes, name: name)
        }
    }

    /// By its header alone first: a configuration may ask for any amount of memory, and gets it only where the file
    /// holds the weights that go with it.
    private init(_ contents: SafetensorsFile.Contents, path: String, whole: () throws -> SafetensorsFile) throws {
        configuration = try ModelFile.configuration(contents.metadata, path: path)
        let (network, wanted) = try ModelFile.network(configuration, path: path)
        self.network = network
        try contents.leavingOut(prefix: ModelFile.classifierPrefix).match(wanted)
        quantization = try ModelFile.quantization(contents.metadata, wanted, path: path)
        temperature = try ModelFile.temperature(contents.metadata, path: path)
        parameters = try ParameterBuffer(wanted)
        var file = try whole()
        let classifiers = file.tensors.filter { $0.key.hasPrefix(ModelFile.classifierPrefix) }
        for name in classifiers.keys { file.tensors[name] = nil }
        try parameters.load(from: file)
        try ModelFile.requireNumbers(parameters, path: path)
        shelf = try ModelFile.classifiers(contents.metadata, classifiers, network, path: path)
    }

    /// The same weights, shown another number of frames of a clip. Classifiers and the temperature were found for the number
    /// before, and are left out.
    /// - Throws: `ModelError.configuration` unless `frames` is in 1...10000, `NeuralError.backend` if there is not enough
    ///   memory.
    public func showing(frames: Int) throws -> Model {
        var shown = configuration
        shown.clip.frames = frames
        try shown.validate()
        let model = try Model(shown, seed: 0)
        try model.parameters.load(from: SafetensorsFile(tensors: parameters.tensors()))
        model.quantization = quantization
        model.shelf.isHeadTrained = shelf.isHeadTrained
        return model
    }

    /// Writes the model file: to a temporary name, then renamed.
    /// - Throws: `NeuralError.file` if it cannot be written.
    public func write(to path: String) throws {
        var tensors = try parameters.tensors()
        var metadata = try ModelFile.metadata(configuration, quantization, temperature: temperature)
        try ModelFile.store(shelf, in: &tensors, &metadata)
        try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
    }
}
