import type { ArgumentsHost, ExceptionFilter, INestApplication } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import type { ServiceTransport } from './service-transport.js';

/** Hands errors to the transport as they are: it redelivers events and turns the errors of requests into problems. */
@Catch()
class PassThroughFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Connects the transport to an application, before `app.startAllMicroservices()`:
 *
 * ```ts
 * const app = await NestFactory.create(RootModule); // imports the modules of several services
 * connectTransport(app, new ServiceTransport({ bus, rpc }));
 * await app.startAllMicroservices();
 * await app.listen(3001);
 * ```
 */
export function connectTransport(app: INestApplication, transport: ServiceTransport): void {
  const microservice = app.connectMicroservice({ strategy: transport }, { deferInitialization: true });
  microservice.useGlobalFilters(new PassThroughFilter());
}
