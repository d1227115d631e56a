internal import Synchronization

/// Decoded clips, kept while they fit a budget of bytes.
///
/// Nothing is thrown out for a newcomer: epochs visit every clip once, and in such a round the usual policies throw out
/// just what is needed next. So a budget of half the dataset saves half the decoding.
final class ClipCache: Sendable {
    /// A clip as it is kept for one use: for training there is more of it.
    struct Key: Hashable {
        var item: Int
        var mode: ClipLoader.Mode
    }

    /// Most bytes to keep.
    let budget: Int
    private let state = Mutex((clips: [Key: StoredClip](), bytes: 0))

    init(budget: Int) { self.budget = max(0, budget) }

    /// Bytes kept now.
    var byteCount: Int { state.withLock { $0.bytes } }
    /// Clips kept now.
    var count: Int { state.withLock { $0.clips.count } }

    /// A clip kept for `mode`; one kept for training serves for evaluation too.
    subscript(item: Int, mode: ClipLoader.Mode) -> StoredClip? {
        state.withLock { state in
            state.clips[Key(item: item, mode: .training)]
                ?? (mode == .evaluation ? state.clips[Key(item: item, mode: mode)] : nil)
        }
    }

    /// Keeps a clip if there is room.
    func offer(_ clip: StoredClip, for item: Int, _ mode: ClipLoader.Mode) {
        let item = Key(item: item, mode: mode)
        state.withLock { state in
            guard state.clips[item] == nil, clip.bytes.count <= budget - state.bytes else { return }
            state.clips[item] = clip
            state.bytes += clip.bytes.count
        }
    }
}
