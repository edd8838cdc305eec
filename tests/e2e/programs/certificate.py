"""A certificate for 127.0.0.1 and other hosts, signed by nobody but itself, and its key: `certificate.py CERTIFICATE KEY
NAME [HOST]...`."""

import datetime as dt
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, sys.argv[3])])
hosts = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *map(x509.DNSName, sys.argv[4:])]
now = dt.datetime.now(dt.UTC)
certificate = (
    x509.CertificateBuilder()
    .subject_name(name)
    .issuer_name(name)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - dt.timedelta(hours=1))
    .not_valid_after(now + dt.timedelta(days=2))
    .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    .sign(key, hashes.SHA256())
)
Path(sys.argv[1]).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
Path(sys.argv[2]).write_bytes(
    key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)
