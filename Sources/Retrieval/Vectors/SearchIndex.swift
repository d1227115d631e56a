internal import Foundation

/// The vectors of a catalogue, ready to be searched: FAISS's file beside it, brought up to date with what was added since.
///
/// Not for use from two threads at once.
public final class SearchIndex {
    /// The catalogue that the vectors are of.
    public let catalogue: Catalogue
    private let files: IndexFiles
    private var vectors: FAISSIndex
    /// The newest segment whose vector is in `vectors`.
    private var newest: Int64

    /// Opens the index in a folder.
    /// - Throws: `RetrievalError` if there is none, or a part of it is damaged.
    public init(opening folder: String) throws {
        files = IndexFiles(folder: folder)
        catalogue = try Catalogue(opening: files.catalogue)
        let dimensions = catalogue.settings.dimensions
        // The vectors' file is only ever behind the catalogue, by what its state says.
        if let state = VectorState(reading: files.state), FileManager.default.fileExists(atPath: files.vectors),
            let read = try? FAISSIndex(reading: files.vectors), read.dimensions == dimensions
        {
            (vectors, newest) = (read, state.newest)
        } else {
            (vectors, newest) = (try FAISSIndex(.flat, dimensions: dimensions), 0)
        }
        try update()
    }

    /// Takes up what the catalogue has beyond the vectors; makes them anew where their number asks for another kind, or a
    /// quarter of them is of segments that are gone.
    public func update() throws {
        let count = try catalogue.segmentCount()
        let before = newest
        let added = try catalogue.segmentCount(after: newest)
        let gone = vectors.count + added - count
        if FAISSIndex.Kind.suiting(count: count, dimensions: vectors.dimensions)
            != FAISSIndex.Kind.suiting(count: vectors.count, dimensions: vectors.dimensions) || 4 * gone > count
        {
            return try rebuild()
        }
        try catalogue.forEachVectors(after: newest) { numbers, values in
            try vectors.add(values, numbers: numbers)
            newest = numbers[numbers.count - 1]
        }
        if newest != before { try write() }
    }

    /// Makes the vectors anew from the catalogue.
    /// - Parameter kind: how they are arranged; what suits their number where nil.
    public func rebuild(_ kind: FAISSIndex.Kind? = nil) throws {
        let count = try catalogue.segmentCount()
        let made = try FAISSIndex(
            kind ?? .suiting(count: count, dimensions: vectors.dimensions), dimensions: vectors.dimensions)
        var last: Int64 = 0
        try catalogue.forEachVectors { numbers, values in
            try made.train(values)
            try made.add(values, numbers: numbers)
            last = numbers[numbers.count - 1]
        }
        (vectors, newest) = (made, last)
        try write()
    }

    private func write() throws {
        // A state that is older than the vectors would add some of them twice: away with it first.
        IndexFiles.remove(files.state)
        try vectors.write(to: files.vectors)
        try VectorState(newest: newest).write(to: files.state)
    }

    /// The numbers of all vectors.
    var numbers: [Int64] { vectors.numbers }

    /// The segments most like some vectors, of those that are still there.
    /// - Parameters:
    ///   - queries: `[query, number]`, each of length 1.
    ///   - k: how many for each.
    public func search(_ queries: [Float], k: Int) throws -> [[Neighbour]] { try vectors.search(queries, k: k) }
}

/// What the vectors' file holds.
struct VectorState: Codable {
    /// The newest segment in it.
    var newest: Int64

    init(newest: Int64) { self.newest = newest }

    init?(reading path: String) {
        guard let data = FileManager.default.contents(atPath: path),
            let state = try? JSONDecoder().decode(VectorState.self, from: data)
        else { return nil }
        self = state
    }

    func write(to path: String) throws {
        let temporary = path + ".tmp"
        do {
            try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: temporary))
        } catch { throw RetrievalError(.vectors, "\(path): cannot be written (\(error.localizedDescription))") }
        try IndexFiles.replace(path, by: temporary)
    }
}
