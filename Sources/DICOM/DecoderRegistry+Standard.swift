import Radiographs

extension DecoderRegistry {
    /// Every kind of image that Pleura reads: PNG, JPEG and DICOM.
    public static let standard = DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder(), DICOMDecoder()])
}
