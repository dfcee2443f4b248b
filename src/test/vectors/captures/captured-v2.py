"""Writes one capture file: what the initiator's daemon logged, the messages, and what tshark reads in them.
usage: captured-v2.py FOLDER IKE ESP"""
import re, subprocess, sys

work, ike, esp = sys.argv[1:]
lines = open(work + '/left/charon.log').read().split('\n')
seen, secrets = {}, {}
WANTED = {'Sk_d secret': 'SK_d', 'Sk_ai secret': 'SK_ai', 'Sk_ar secret': 'SK_ar', 'Sk_ei secret': 'SK_ei', 'Sk_er secret': 'SK_er',
          'Sk_pi secret': 'SK_pi', 'Sk_pr secret': 'SK_pr', 'shared Diffie Hellman secret': 'g^ir', 'SKEYSEED': 'SKEYSEED',
          "octets = message + nonce + prf(Sk_px, IDx')": 'signed-octets', "IDx'": 'id-body'}
for i, line in enumerate(lines):
    m = re.match(r"\d+\[(?:IKE|CHD)\] (.+?) => (\d+) bytes", line)
    if m and m[1] in WANTED:
        digits, j = '', i + 1
        while len(digits) < 2 * int(m[2]):
            digits += re.match(r'\d+\[...\] +\d+: ((?:[0-9A-F]{2} ){1,16})', lines[j] + ' ')[1].replace(' ', '')
            j += 1
        name = WANTED[m[1]]
        seen[name] = seen.get(name, 0) + 1
        secrets[name + ('' if seen[name] == 1 else '-' + str(seen[name]))] = digits.lower()

def tshark(fields, *options):
    command = ['tshark', '-r', work + '/trace.pcap', *options, '-Y', 'isakmp', '-T', 'fields']
    for f in fields:
        command += ['-e', f]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split('\n')[:-1]

spis = []
for row in tshark(['isakmp.ispi', 'isakmp.rspi']):
    pair = tuple(row.split('\t'))
    if set(pair[1]) != {'0'} and pair not in spis:
        spis.append(pair)
gcm = 'gcm' in ike
cipher = 'AES-GCM-256 with 16 octet ICV [RFC5282]' if gcm else 'AES-CBC-128 [RFC3602]'
mac = 'NONE [RFC4306]' if gcm else 'HMAC_SHA2_256_128 [RFC4868]'
options = []
for n, (i, r) in enumerate(spis):
    def s(name):
        return secrets.get(name + ('' if n == 0 else f'-{n + 1}'), '')
    row = [i, r, s('SK_ei'), s('SK_er'), f'"{cipher}"', s('SK_ai'), s('SK_ar'), f'"{mac}"']
    options += ['-o', 'uat:ikev2_decryption_table:' + ','.join(row)]

print(f'# charon 5.9.8 to charon 5.9.8, ike {ike}, esp {esp}; see SOURCE.md')
for name, digits in secrets.items():
    print(name, digits)
FIELDS = ['ip.src', 'udp.dstport', 'udp.payload', 'isakmp.exchangetype', 'isakmp.typepayload', 'isakmp.notify.msgtype', 'isakmp.tf.type', 'isakmp.tf.id.encr', 'isakmp.tf.id.prf', 'isakmp.tf.id.integ', 'isakmp.tf.id.dh', 'isakmp.cfg.type', 'isakmp.cfg.attr.type',
          
          'isakmp.prop.number', 'isakmp.prop.protoid', 'isakmp.nonce', 'isakmp.key_exchange.data', 'isakmp.key_exchange.dh_group',
          'isakmp.id.type', 'isakmp.auth.method', 'isakmp.auth.data', 'isakmp.ts.type', 'isakmp.ts.protoid', 'isakmp.ts.start_port', 'isakmp.ts.end_port',
          'isakmp.ts.start_ipv4', 'isakmp.ts.end_ipv4', 'isakmp.ts.start_ipv6', 'isakmp.cert.encoding', 'isakmp.certreq.type',
          'isakmp.notify.data.signature_hash_algorithms', 'isakmp.delete.protoid', 'isakmp.frag.number', 'isakmp.frag.total']
read = []
for row in tshark(FIELDS, *options):
    source, port, payload, *rest = row.split('\t')
    who = 'initiator' if source == '192.0.2.1' else 'responder'
    if port != '500':
        payload = payload[8:]
    print('ike' if port == '500' else 'ike4500', who, payload)
    read.append(' '.join(f'{f[7:]}={v}' for f, v in zip(FIELDS[3:], rest) if v))
for number, fields in enumerate(read):
    print('# tshark', number, fields)
