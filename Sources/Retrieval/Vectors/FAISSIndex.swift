internal import CFAISS

/// Vectors in an index of FAISS (Douze et al. 2024), compared by inner product.
///
/// Not for use from two threads at once.
@safe public final class FAISSIndex: VectorIndex {
    /// How vectors are arranged.
    public enum Kind: Sendable, Hashable, Codable {
        /// One after the other, all of them looked at: exact.
        case flat
        /// A graph of near ones (Malkov and Yashunin 2018): `links` of each.
        case graph(links: Int)
        /// Lists around centres, each vector in `bytes` bytes: product quantisation (Jégou et al. 2011).
        case lists(count: Int, bytes: Int)

        /// FAISS's description of it.
        var factory: String {
            switch self {
            case .flat: "Flat"
            case .graph(let links): "HNSW\(links),Flat"
            case .lists(let count, let bytes): "IVF\(count),PQ\(bytes)"
            }
        }

        /// What suits a number of vectors: all of them looked at up to 20,000, which takes about a millisecond; a graph up
        /// to three million, in memory as large as the vectors; beyond that lists, in a thirtieth of it.
        public static func suiting(count: Int, dimensions: Int) -> Kind {
            switch count {
            case ...20_000: .flat
            case ...3_000_000: .graph(links: 32)
            default: .lists(count: 1 << 14, bytes: max(1, dimensions / 4))
            }
        }
    }

    private let handle: OpaquePointer
    /// How much of an approximate index a search looks at: of a graph the candidates that are kept, of lists how many.
    public var effort = 96

    /// An empty index.
    /// - Throws: `RetrievalError.vectors` if FAISS cannot make it.
    public init(_ kind: Kind, dimensions: Int) throws {
        var fault: sora_faiss_fault?
        guard let made = unsafe sora_faiss_make(Int32(clamping: dimensions), kind.factory, &fault) else {
            throw unsafe RetrievalError(.vectors, "an index of kind \(kind.factory): \(Self.take(fault))")
        }
        unsafe handle = made
    }

    /// The index in a file.
    /// - Throws: `RetrievalError.vectors` naming it if it is none.
    public init(reading path: String) throws {
        var fault: sora_faiss_fault?
        guard let made = unsafe sora_faiss_read(path, &fault) else {
            throw unsafe RetrievalError(
                .vectors,
                "\(path): is no index that can be read (\(Self.take(fault))); 'sora index rebuild' makes it anew")
        }
        unsafe handle = made
    }

    deinit { unsafe sora_faiss_close(handle) }

    /// Numbers of a vector.
    public var dimensions: Int { unsafe Int(sora_faiss_dimensions(handle)) }
    /// How many vectors there are.
    public var count: Int { unsafe Int(sora_faiss_count(handle)) }

    /// The numbers of all vectors, in the order in which they were added.
    public var numbers: [Int64] {
        unsafe [Int64](unsafeUninitializedCapacity: count) { buffer, written in
            written = count
            if let base = buffer.baseAddress { unsafe sora_faiss_numbers(handle, base) }
        }
    }

    /// How many threads searches from the calling thread, and what makes indexes there, may use; all processors if nobody says.
    public static func setThreads(_ count: Int) { sora_faiss_threads(Int32(clamping: count)) }

    /// Learns how vectors lie, where the kind needs it; does nothing where not.
    /// - Parameter vectors: `[vector, number]`, a sample of those to come.
    public func train(_ vectors: [Float]) throws {
        guard unsafe sora_faiss_is_trained(handle) == 0 else { return }
        try check(vectors)
        try unsafe require(sora_faiss_train(handle, Int64(vectors.count / dimensions), vectors))
    }

    /// Adds vectors under numbers of their own.
    /// - Throws: `RetrievalError` if FAISS refuses them.
    public func add(_ vectors: [Float], numbers: [Int64]) throws {
        try check(vectors)
        guard vectors.count == numbers.count * dimensions else {
            throw RetrievalError(
                .vectors, "\(numbers.count) vectors of \(dimensions) numbers are not \(vectors.count) numbers")
        }
        guard !numbers.isEmpty else { return }
        try unsafe require(sora_faiss_add(handle, Int64(numbers.count), vectors, numbers))
    }

    /// The nearest vectors of each query, the most alike first.
    /// - Throws: `RetrievalError` if FAISS refuses them.
    public func search(_ queries: [Float], k: Int) throws -> [[Neighbour]] {
        try check(queries)
        let (queryCount, k) = (queries.count / dimensions, min(k, count))
        guard queryCount > 0, k > 0 else { return [[Neighbour]](repeating: [], count: queryCount) }
        var scores = [Float](repeating: 0, count: queryCount * k)
        var numbers = [Int64](repeating: -1, count: queryCount * k)
        try unsafe require(
            sora_faiss_search(
                handle, Int64(queryCount), queries, Int64(k), Int32(clamping: effort), &scores, &numbers))
        return (0..<queryCount).map { query in
            (query * k..<(query + 1) * k).filter { numbers[$0] >= 0 }.map {
                Neighbour(number: numbers[$0], score: scores[$0])
            }
        }
    }

    /// Writes the index, to a temporary name first.
    /// - Throws: `RetrievalError.vectors` if it cannot be written.
    public func write(to path: String) throws {
        let temporary = "\(path).\(UInt32.random(in: 0 ... .max)).tmp"
        do {
            try unsafe require(sora_faiss_write(handle, temporary))
            try IndexFiles.replace(path, by: temporary)
        } catch {
            IndexFiles.remove(temporary)
            throw error
        }
    }

    private func check(_ vectors: [Float]) throws {
        guard dimensions > 0, vectors.count % dimensions == 0 else {
            throw RetrievalError(.vectors, "\(vectors.count) numbers are no vectors of \(dimensions)")
        }
        guard vectors.allSatisfy(\.isFinite) else {
            throw RetrievalError(.vectors, "a vector holds what is no number")
        }
    }

    private func require(_ fault: sora_faiss_fault?) throws {
        guard unsafe fault != nil else { return }
        throw unsafe RetrievalError(.vectors, "the vectors' index: \(Self.take(fault))")
    }

    static func take(_ fault: sora_faiss_fault?) -> String {
        guard let fault = unsafe fault else { return "no memory is left" }
        defer { unsafe sora_faiss_free(fault) }
        return unsafe String(cString: fault)
    }
}
