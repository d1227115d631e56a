/// What an index is made with, which all of it shares.
public struct IndexSettings: Codable, Sendable, Hashable {
    /// What the model was called when the index was made.
    public var model: String
    /// Changes with the model's weights and configuration: vectors of another model cannot be compared.
    public var fingerprint: String
    /// Numbers of a segment's vector.
    public var dimensions: Int
    /// How videos are cut into segments.
    public var cutting: Segmenter.Options

    public init(model: String, fingerprint: String, dimensions: Int, cutting: Segmenter.Options) {
        self.model = model
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self.cutting = cutting
    }
}
