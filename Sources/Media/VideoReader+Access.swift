internal import CFFmpeg

extension VideoReader {
    /// The frame that a decode from the start gives as its `index`-th.
    ///
    /// - Parameters:
    ///   - index: from 0, counting every frame that a sequential decode gives, damaged ones included.
    ///   - resize: the size to convert it to.
    /// - Throws: `MediaError` `.badRequest` where there is no such frame.
    /// - Cost: the first call looks through the file. A short one (up to about 700 frames of 1080p) is decoded once, and
    ///   later accesses are compared with that. Of a long one only the packets are read; then the parts that are
    ///   visited are checked for a frame to each packet, and one that does not fit makes the whole be decoded after all.
    ///   So only frames lost to damage in parts of a long file *never visited* would count as frames. After that a call
    ///   costs a decode from the nearest key frame, or from the start where jumping in this file gives other frames.
    public func frame(at index: Int, resize: FrameRequest.Resize = .none) throws -> Frame {
        try image(of: move(to: index), resize)
    }

    /// The frame that is shown at `time`: the last one whose time is not later.
    ///
    /// - Parameters:
    ///   - time: on the container's own timeline, as `FrameHeader.time` is. Before the first frame, the first is taken.
    ///   - resize: the size to convert it to.
    /// - Throws: `MediaError` `.badRequest` where the video is over by then.
    /// - Cost: as `frame(at:resize:)` by index.
    public func frame(at time: MediaTime, resize: FrameRequest.Resize = .none) throws -> Frame {
        try image(of: move(to: time), resize)
    }

    /// Makes the frame shown at `time` the current one.
    package func move(to time: MediaTime) throws -> FrameHeader {
        let before = try frameTable()
        let header = try move(to: index(at: time, in: before))
        // The table may have proved wrong on the way.
        if let table, table.isExact != before.isExact { return try move(to: index(at: time, in: table)) }
        return header
    }

    func index(at time: MediaTime, in table: FrameTable) throws(MediaError) -> Int {
        if let end = MediaTime(table.end, base: source.timeBase), time >= end, time > .zero {
            throw beyondEnd(time, end)
        }
        return table.index(at: time, base: source.timeBase)
    }

    /// Makes frame `index` the current one.
    package func move(to index: Int) throws -> FrameHeader {
        if let current, current.index == index { return current }
        var table = try frameTable()
        for _ in 0..<3 {
            guard index >= 0, index < table.times.count else {
                if !table.isExact, index >= 0 {
                    table = try decodeTable()
                    continue
                }
                throw MediaError(
                    .badRequest, path: path, "frame \(index) is asked for and it has \(table.times.count) frames",
                    remedy: "Ask for a frame from 0 to \(table.times.count - 1).")
            }
            if let header = try approach(index, table) { return header }
            if !table.isExact { packetsMislead = true }
            if table.isExact { trustsSeeking = false } else { table = try decodeTable() }
            try rewind()
        }
        throw MediaError(
            .damaged, path: path, "frame \(index) does not decode the same way twice",
            remedy: "The file is damaged: copy or download it again.", cause: source.lastFailure)
    }

    /// Frame `index` by a table that is kept only if it proves right; nil where it does not.
    func reach(_ index: Int, _ table: FrameTable) throws -> FrameHeader? {
        if let current, current.index == index { return current }
        if let header = try approach(index, table) { return header }
        if !table.isExact { packetsMislead = true }
        return nil
    }

    /// The table of a long video in which no frame is known to be damaged; nil where only a decode tells its frames.
    func wholeTable() throws(MediaError) -> FrameTable? {
        if packetsMislead, table?.isExact != true { return nil }
        let table = try frameTable()
        return table.showsDamage ? nil : table
    }

    /// Decodes up to frame `index`; nil where what comes is not what the table says.
    private func approach(_ index: Int, _ table: FrameTable) throws -> FrameHeader? {
        var here = current.map { $0.index < index ? $0.index : -1 } ?? -1
        if trustsSeeking, let place = table.key(for: index), table.keys[place].frame > here + 1 {
            if let header = try jump(to: place, table) {
                if header.index == index { return header }
                here = header.index
            } else {
                trustsSeeking = false
                here = -1
            }
        }
        if here < 0 { try rewind() }
        while let header = try advance() {
            guard agrees(header, table) else { return nil }
            if header.index == index { return header }
        }
        return nil
    }

    /// Starts decoding at a key packet; nil where the packet is not found or does not give its frame.
    private func jump(to place: Int, _ table: FrameTable) throws -> FrameHeader? {
        let key = table.keys[place]
        try markTouched()
        hasJumped = true
        // Some containers land after the time asked for: then from a key frame or two earlier.
        for back in 0..<3 where place - back >= 0 {
            let near = table.keys[place - back].identity
            var isFound = false
            var isPast = false
            source.packetFilter = { packet in
                if isFound { return .decode }
                let identity = PacketIdentity(packet)
                isFound = key.identity.matches(identity)
                isPast = !isFound && identity.decodingTime > key.identity.decodingTime
                return isFound ? .decode : isPast ? .stop : .drop
            }
            defer { source.packetFilter = nil }
            let landed = source.jump(
                near: min(near.time, near.decodingTime), nextIndex: key.frame, firstTimestamp: key.identity.time)
            guard landed else { return nil }
            current = try source.advance()
            guard isFound else { continue }
            guard let header = current, header.isKeyFrame || !key.isShown, agrees(header, table) else { return nil }
            return header
        }
        return nil
    }

    /// Whether a frame is the one that the table has at its place.
    private func agrees(_ header: FrameHeader, _ table: FrameTable) -> Bool {
        // A decode from the start is what an exact table is made of; it is right by definition.
        if table.isExact, !hasJumped { return true }
        guard header.index < table.times.count, table.times[header.index] == header.timestamp, !header.isDamaged,
            source.failures == 0
        else { return false }
        return !table.isExact || table.fingerprints[header.index] == source.picture.fingerprint
    }

    /// Where the frames are: exact for a short video, from its packets for a long one.
    func frameTable() throws(MediaError) -> FrameTable {
        if let table { return table }
        if isLong, let scanned = try scannedTable() {
            if info.frameCount == nil { info.frameCount = scanned.times.count }
            if isLong {
                table = scanned
                return scanned
            }
        }
        return try decodeTable()
    }

    /// What the packets say of the frames; nil where they do not. Read once.
    func scannedTable() throws(MediaError) -> FrameTable? {
        if let scan { return scan }
        let table = try FrameTable(scanning: path, info: info)
        scan = .some(table)
        return table
    }

    private func decodeTable() throws(MediaError) -> FrameTable {
        let exact = try FrameTable(decoding: path, info: info, threads: threads)
        table = exact
        return exact
    }

    /// Whether decoding all of it just to know its frames would take more than a few seconds.
    var isLong: Bool {
        let pixels = Double(max(1, info.codedSize.width)) * Double(max(1, info.codedSize.height))
        // Where the container does not say how many frames there are, the table is made from the packets first.
        guard let frames = info.frameCount else { return true }
        return pixels * Double(frames) > longPixels
    }
}
