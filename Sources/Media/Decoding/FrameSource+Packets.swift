internal import CFFmpeg

extension FrameSource {
    /// Reads all packets, before any has been decoded. A decode goes on with those kept as if they were read then.
    func listPackets(_ syntax: PictureSyntax) throws(MediaError) -> PacketList {
        let list = try PacketList(demuxer, stream: info.videoStream, syntax: syntax)
        if list.isKept { listed = list }
        return list
    }

    /// Packet `number` of a list: the one kept, or else read again; `next` is the number of the one to be read next.
    ///
    /// - Returns: nil where the file gives another packet now.
    func packet(_ number: Int, of list: PacketList, from next: inout Int) throws(MediaError) -> PacketBuffer? {
        if list.isKept { return list.packet(number) }
        while next <= number {
            guard demuxer.read(into: packet) >= 0 else { return nil }
            guard unsafe Int(packet.pointer.pointee.stream_index) == info.videoStream, !packet.isEmpty else { continue }
            let entry = list.entries[next]
            guard unsafe packet.pointer.pointee.pts == entry.time, unsafe packet.pointer.pointee.size == entry.size
            else { return nil }
            next += 1
        }
        return packet
    }
}
