internal import COneDNN

/// A tensor as oneDNN sees it: a layout and an address. The bytes belong to the plan.
@safe final class Memory {
    let handle: OpaquePointer
    private var address: UnsafeMutableRawPointer

    init(_ descriptor: MemoryDescriptor, at address: UnsafeMutableRawPointer) throws {
        var made: OpaquePointer?
        try check(unsafe sdnn_memory_create(&made, descriptor.handle, address), "make a memory object")
        guard let made = unsafe made else { throw NeuralError(.backend, "oneDNN made no memory object") }
        unsafe handle = unsafe made
        unsafe self.address = unsafe address
    }

    deinit { unsafe sdnn_memory_destroy(handle) }

    /// Points it elsewhere.
    func move(to address: UnsafeMutableRawPointer) throws {
        guard unsafe address != self.address else { return }
        try check(unsafe sdnn_memory_set_data(handle, address), "move a memory object")
        unsafe self.address = unsafe address
    }
}
