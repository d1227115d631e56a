internal import Media
package import Neural

/// What the frames' network reads.
package enum FrameInput: String, Sendable {
    /// The frames themselves.
    case frames
    /// For each sample `128 + frame - previous`, cut to 0...255; the first frame of a clip has no motion, 128 everywhere.
    case motion
    /// For each pixel the luma (BT.601, full range) of the frame before, of the frame and of the one after, in place of red,
    /// green and blue. Before the first frame of a clip and after its last there is that frame itself.
    case stack
}

extension ModelConfiguration {
    /// What the frames' network reads, in the order of its streams.
    package var frameInputs: [FrameInput] {
        switch motion {
        case nil: [.frames]
        case .beside: [.frames, .motion]
        case .alone: [.motion]
        case .stacked: [.stack]
        }
    }
}

/// Makes what the frames' network reads out of the frames of clips.
package struct FrameInputs {
    private let configuration: ModelConfiguration
    /// All frames of whole clips, `[clip, frame, height, width, 3]`.
    private let bytes: [UInt8]
    /// The luma of each pixel, where the network reads it: `[clip, frame, height, width]`.
    private let greys: [UInt8]
    private let frameBytes: Int

    package init(_ bytes: [UInt8], configuration: ModelConfiguration) {
        self.configuration = configuration
        self.bytes = bytes
        greys = configuration.frameInputs.contains(.stack) ? Luma.plane(of: bytes[...]) : []
        frameBytes = configuration.clip.size * configuration.clip.size * 3
    }

    /// The inputs for some frames, one after the other: uint8 `[frame, height, width, 3]`. Cost: a pass over each.
    /// - Parameter places: of the frames among all.
    package func tensors(_ places: some Collection<Int>) throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for input in configuration.frameInputs {
            var chosen: [UInt8] = []
            chosen.reserveCapacity(places.count * frameBytes)
            for place in places { append(input, place, to: &chosen) }
            let shape: Shape = [places.count, configuration.clip.size, configuration.clip.size, 3]
            tensors[input.rawValue] = try Tensor(shape, chosen)
        }
        return tensors
    }

    /// Writes the inputs for some frames over the beginnings of `tensors`, in place.
    package func write(_ places: some Collection<Int>, to tensors: inout [String: Tensor]) {
        for input in configuration.frameInputs {
            unsafe tensors[input.rawValue]?.withUnsafeMutableBytes { target in
                switch input {
                case .frames:
                    unsafe bytes.withUnsafeBytes { source in
                        for (row, place) in places.enumerated() {
                            let frame = unsafe UnsafeRawBufferPointer(
                                rebasing: source[place * frameBytes..<(place + 1) * frameBytes])
                            unsafe UnsafeMutableRawBufferPointer(rebasing: target[(row * frameBytes)...])
                                .copyMemory(from: frame)
                        }
                    }
                case .motion, .stack:
                    var chosen: [UInt8] = []
                    for place in places { append(input, place, to: &chosen) }
                    unsafe chosen.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
                }
            }
        }
    }

    private func append(_ input: FrameInput, _ place: Int, to chosen: inout [UInt8]) {
        let range = place * frameBytes..<(place + 1) * frameBytes
        switch input {
        case .frames: chosen += bytes[range]
        case .motion where place % configuration.clip.frames == 0:
            chosen += repeatElement(128, count: frameBytes)
        case .motion:
            let previous = bytes[range.lowerBound - frameBytes..<range.lowerBound]
            chosen += zip(bytes[range], previous).lazy.map { UInt8(clamping: 128 + Int16($0) - Int16($1)) }
        case .stack:
            let pixels = frameBytes / 3
            let (own, last) = (place % configuration.clip.frames, configuration.clip.frames - 1)
            let (before, after) = (place - min(own, 1), place + min(last - own, 1))
            for pixel in 0..<pixels {
                chosen.append(greys[before * pixels + pixel])
                chosen.append(greys[place * pixels + pixel])
                chosen.append(greys[after * pixels + pixel])
            }
        }
    }
}
